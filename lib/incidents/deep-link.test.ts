import { expect, it } from 'vitest';
import { defenderLink } from './deep-link';

const HOSTS = ['security.microsoft.com'];
const TENANT = '3f2a0000-0000-4000-8000-0000000009c1';

it('leads to the incident in the customer’s tenant', () => {
  expect(defenderLink('https://security.microsoft.com/incidents/12?tid=other', HOSTS, TENANT)).toBe(
    `https://security.microsoft.com/incidents/12?tid=${TENANT}`,
  );
});

it.each([
  null,
  '',
  'not an address',
  'javascript:alert(1)',
  'http://security.microsoft.com/incidents/12',
  'https://security.microsoft.com.evil.example/incidents/12',
  'https://evil.example/?x=security.microsoft.com',
  'https://security.microsoft.com@evil.example/',
  'https://user:password@security.microsoft.com/incidents/12',
  'https://security.microsoft.com:8443/incidents/12',
  'data:text/html,<script>1</script>',
])('makes no link of %s', (webUrl) => {
  expect(defenderLink(webUrl, HOSTS, TENANT)).toBeNull();
});
