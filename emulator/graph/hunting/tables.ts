import type { Alert, Evidence } from '../../state/security-records.ts';

export type Row = Record<string, unknown>;
export type Column = readonly [name: string, type: string];

interface Table {
  columns: Column[];
  /** The rows one alert stands for. */
  rows: (alert: Alert) => Row[];
}

type Json = Record<string, unknown>;

function columns(text: string): Column[] {
  return text.split(' ').map((part) => {
    const [name = '', type = 'String'] = part.split(':');
    return [name, type] as const;
  });
}

function ofKind(alert: Alert, ...kinds: string[]): Evidence[] {
  const types = kinds.map((kind) => `#microsoft.graph.security.${kind}Evidence`);
  return alert.evidence.filter((item) => types.includes(String(item['@odata.type'])));
}

function child(record: Json, name: string): Json {
  const value = record[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function deviceOf(alert: Alert, mdeId?: unknown): Json {
  const devices = ofKind(alert, 'device');
  return devices.find((device) => device['mdeDeviceId'] === mdeId) ?? devices[0] ?? {};
}

function title(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Columns: https://learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables
export const TABLES: Record<string, Table> = {
  AlertInfo: {
    columns: columns(
      'Timestamp:DateTime AlertId Title Category Severity ServiceSource DetectionSource AttackTechniques',
    ),
    rows: (alert) => [
      {
        Timestamp: alert.createdDateTime,
        AlertId: alert.id,
        Title: alert.title,
        Category: alert.category,
        Severity: title(alert.severity),
        ServiceSource: alert.productName,
        DetectionSource: alert.detectionSource,
        AttackTechniques: alert.mitreTechniques.length > 0 ? JSON.stringify(alert.mitreTechniques) : '',
      },
    ],
  },
  AlertEvidence: {
    columns: columns(
      'Timestamp:DateTime AlertId EntityType EvidenceRole SHA256 RemoteIP RemoteUrl AccountUpn DeviceId DeviceName FileName',
    ),
    rows: (alert) =>
      alert.evidence.map((item) => ({
        Timestamp: alert.createdDateTime,
        AlertId: alert.id,
        EntityType: title(String(item['@odata.type']).replace(/^.*\.(\w+)Evidence$/, '$1')),
        EvidenceRole: 'Related',
        SHA256: child(item, 'fileDetails')['sha256'] ?? child(item, 'imageFile')['sha256'] ?? '',
        RemoteIP: item['ipAddress'] ?? '',
        RemoteUrl: item['url'] ?? '',
        AccountUpn: child(item, 'userAccount')['userPrincipalName'] ?? '',
        DeviceId: item['mdeDeviceId'] ?? '',
        DeviceName: item['deviceDnsName'] ?? '',
        FileName: child(item, 'fileDetails')['fileName'] ?? '',
      })),
  },
  DeviceInfo: {
    columns: columns(
      'Timestamp:DateTime DeviceId DeviceName OSPlatform OSBuild:Int64 OSVersion PublicIP OnboardingStatus MachineGroup',
    ),
    rows: (alert) =>
      ofKind(alert, 'device').map((device) => ({
        Timestamp: alert.createdDateTime,
        DeviceId: device['mdeDeviceId'],
        DeviceName: device['deviceDnsName'],
        OSPlatform: device['osPlatform'],
        OSBuild: device['osBuild'],
        OSVersion: device['version'],
        PublicIP: device['lastExternalIpAddress'],
        OnboardingStatus: 'Onboarded',
        MachineGroup: device['rbacGroupName'],
      })),
  },
  DeviceProcessEvents: {
    columns: columns(
      'Timestamp:DateTime DeviceId DeviceName ActionType FileName FolderPath SHA1 SHA256 ProcessId:Int64 ProcessCommandLine AccountName AccountUpn InitiatingProcessFileName InitiatingProcessId:Int64 ReportId:Int64',
    ),
    rows: (alert) =>
      ofKind(alert, 'process').map((process, index) => {
        const image = child(process, 'imageFile');
        return {
          Timestamp: process['processCreationDateTime'],
          DeviceId: process['mdeDeviceId'],
          DeviceName: deviceOf(alert, process['mdeDeviceId'])['deviceDnsName'],
          ActionType: 'ProcessCreated',
          FileName: image['fileName'],
          FolderPath: `${image['filePath']}\\${image['fileName']}`,
          SHA1: image['sha1'],
          SHA256: image['sha256'],
          ProcessId: process['processId'],
          ProcessCommandLine: process['processCommandLine'],
          AccountName: child(process, 'userAccount')['accountName'],
          AccountUpn: child(process, 'userAccount')['userPrincipalName'],
          InitiatingProcessFileName: child(process, 'parentProcessImageFile')['fileName'],
          InitiatingProcessId: process['parentProcessId'],
          ReportId: 1000 + index,
        };
      }),
  },
  DeviceFileEvents: {
    columns: columns(
      'Timestamp:DateTime DeviceId DeviceName ActionType FileName FolderPath SHA1 SHA256 FileSize:Int64 ReportId:Int64',
    ),
    rows: (alert) =>
      ofKind(alert, 'file').map((file, index) => {
        const details = child(file, 'fileDetails');
        return {
          Timestamp: alert.firstActivityDateTime,
          DeviceId: file['mdeDeviceId'],
          DeviceName: deviceOf(alert, file['mdeDeviceId'])['deviceDnsName'],
          ActionType: 'FileCreated',
          FileName: details['fileName'],
          FolderPath: `${details['filePath']}\\${details['fileName']}`,
          SHA1: details['sha1'],
          SHA256: details['sha256'],
          FileSize: details['fileSize'],
          ReportId: 2000 + index,
        };
      }),
  },
  DeviceNetworkEvents: {
    columns: columns(
      'Timestamp:DateTime DeviceId DeviceName ActionType RemoteIP RemotePort:Int32 LocalIP LocalPort:Int32 Protocol ReportId:Int64',
    ),
    rows: (alert) =>
      ofKind(alert, 'networkConnection').map((connection, index) => ({
        Timestamp: alert.firstActivityDateTime,
        DeviceId: deviceOf(alert)['mdeDeviceId'],
        DeviceName: deviceOf(alert)['deviceDnsName'],
        ActionType: 'ConnectionSuccess',
        RemoteIP: child(connection, 'destinationAddress')['ipAddress'],
        RemotePort: connection['destinationPort'],
        LocalIP: child(connection, 'sourceAddress')['ipAddress'],
        LocalPort: connection['sourcePort'],
        Protocol: title(String(connection['protocol'])),
        ReportId: 3000 + index,
      })),
  },
  EmailEvents: {
    columns: columns(
      'Timestamp:DateTime NetworkMessageId InternetMessageId SenderFromAddress SenderIPv4 RecipientEmailAddress Subject DeliveryAction DeliveryLocation ThreatTypes UrlCount:Int32 AttachmentCount:Int32',
    ),
    rows: (alert) =>
      ofKind(alert, 'analyzedMessage').map((message) => ({
        Timestamp: message['receivedDateTime'],
        NetworkMessageId: message['networkMessageId'],
        InternetMessageId: message['internetMessageId'],
        SenderFromAddress: child(message, 'p2Sender')['emailAddress'],
        SenderIPv4: message['senderIp'],
        RecipientEmailAddress: message['recipientEmailAddress'],
        Subject: message['subject'],
        DeliveryAction: title(String(message['deliveryAction'])),
        DeliveryLocation: title(String(message['deliveryLocation'])),
        ThreatTypes: (message['threats'] as string[]).join(', '),
        UrlCount: message['urlCount'],
        AttachmentCount: message['attachmentsCount'],
      })),
  },
  UrlClickEvents: {
    columns: columns('Timestamp:DateTime Url ActionType AccountUpn Workload IPAddress'),
    rows: (alert) =>
      ofKind(alert, 'url').map((url) => ({
        Timestamp: alert.firstActivityDateTime,
        Url: url['url'],
        ActionType: 'ClickAllowed',
        AccountUpn: child(ofKind(alert, 'user', 'mailbox')[0] ?? {}, 'userAccount')['userPrincipalName'],
        Workload: 'Email',
        IPAddress: ofKind(alert, 'ip')[0]?.['ipAddress'] ?? '',
      })),
  },
  IdentityLogonEvents: {
    columns: columns('Timestamp:DateTime ActionType Application AccountUpn AccountObjectId IPAddress Location'),
    rows: (alert) =>
      ofKind(alert, 'user').flatMap((user) =>
        ofKind(alert, 'ip').map((ip) => ({
          Timestamp: alert.firstActivityDateTime,
          ActionType: 'LogonSuccess',
          Application: 'Microsoft 365',
          AccountUpn: child(user, 'userAccount')['userPrincipalName'],
          AccountObjectId: child(user, 'userAccount')['azureAdUserId'],
          IPAddress: ip['ipAddress'],
          Location: ip['countryLetterCode'] ?? '',
        })),
      ),
  },
};
