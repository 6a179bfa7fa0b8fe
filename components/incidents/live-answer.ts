import type { FreshnessView } from './freshness-view';
import type { RowView } from './row-view';

/** What `/api/v1/queue` answers, in the reader's words. */
export interface LiveAnswer {
  freshness: FreshnessView;
  /** What a reload would add; null for nothing. */
  arrivals: { button: string; spoken: string } | null;
  /** The shown rows as they are now; a row that is missing is out of reach. */
  rows: RowView[];
  /** Stands beside a value that changed since the page was made. */
  changed: string;
}
