import { expect, test } from 'vitest';
import { evidenceLabel } from './evidence-label';

test.each([
  ['deviceEvidence', { deviceDnsName: 'w11.fabrikam.dk', hostName: 'w11' }, 'w11.fabrikam.dk'],
  ['deviceEvidence', { deviceDnsName: null, hostName: 'w11' }, 'w11'],
  ['userEvidence', { userAccount: { userPrincipalName: 'a@b.dk', accountName: 'a' } }, 'a@b.dk'],
  ['userEvidence', { userAccount: { userPrincipalName: null, displayName: ' ', accountName: 'a' } }, 'a'],
  ['fileEvidence', { fileDetails: { fileName: 'invoice.exe', sha256: 'f' } }, 'invoice.exe'],
  ['processEvidence', { processCommandLine: '"powershell.exe" -enc', imageFile: {} }, '"powershell.exe" -enc'],
  ['ipEvidence', { ipAddress: '203.0.113.7' }, '203.0.113.7'],
  ['urlEvidence', { url: 'https://x.example' }, 'https://x.example'],
  ['mailboxEvidence', { primaryAddress: 'a@b.dk' }, 'a@b.dk'],
  ['registryKeyEvidence', { registryKey: String.raw`Software\Run` }, String.raw`Software\Run`],
  ['analyzedMessageEvidence', { subject: 'Faktura' }, 'Faktura'],
])('%s is told by its most telling field', (kind, evidence, label) => {
  expect(evidenceLabel(kind, evidence)).toBe(label);
});

test.each([
  ['unheardOfEvidence', { name: 'x' }],
  ['constructor', { name: 'x' }],
  ['ipEvidence', { ipAddress: 7 }],
  ['userEvidence', { userAccount: null }],
])('%s without a telling field has no label', (kind, evidence) => {
  expect(evidenceLabel(kind, evidence)).toBeNull();
});
