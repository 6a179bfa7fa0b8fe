import { type Call, json, type Reply } from '../http/exchange.ts';

/** Thrown anywhere in the Graph service; becomes Microsoft's error body. */
export class GraphFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function badRequest(message: string): GraphFailure {
  return new GraphFailure(400, 'BadRequest', message);
}

/** OData errors come with an empty code, as wazuh/wazuh issue 28070 recorded. */
export function invalidQuery(message: string): GraphFailure {
  return new GraphFailure(400, '', `The query specified in the URI is not valid. ${message}`);
}

export function failureReply(failure: GraphFailure, call: Call): Reply {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': call.requestId,
    'client-request-id': call.clientRequestId ?? call.requestId,
  };
  const details = failure.code === '' ? { details: [] } : {};
  const error = { code: failure.code, message: failure.message, ...details, innerError };
  return json(failure.status, { error }, failure.headers);
}
