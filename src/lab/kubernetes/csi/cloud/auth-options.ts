import type { Secrets } from '../rpc.ts';

/**
 * Keys of a driver's Secret, in the order of the fields of AuthOpts in cloud-provider-openstack's pkg/client. `needs`:
 * exactly one of these has to be set with it.
 */
const KEYS: Readonly<Record<string, { needs?: readonly string[]; matches?: RegExp; isBoolean?: true }>> = {
  'os-authURL': { needs: ['os-password', 'os-trustID', 'os-applicationCredentialSecret', 'os-clientCertPath'] },
  'os-userID': {},
  'os-userName': {},
  'os-password': {},
  'os-projectID': {},
  'os-projectName': {},
  'os-trustID': {},
  'os-trusteeID': { needs: ['os-trustID'] },
  'os-trusteePassword': { needs: ['os-trustID'] },
  'os-domainID': {},
  'os-domainName': {},
  'os-projectDomainID': {},
  'os-projectDomainName': {},
  'os-userDomainID': {},
  'os-userDomainName': {},
  'os-region': {},
  'os-endpointType': {},
  'os-certAuthorityPath': {},
  'os-TLSInsecure': { matches: /^true|false$/ },
  'os-token': {},
  'os-clientCertPath': { needs: ['os-clientKeyPath'] },
  'os-clientKeyPath': { needs: ['os-clientCertPath'] },
  'os-certAuthority': {},
  'os-useClouds': { isBoolean: true },
  'os-cloudsFile': {},
  'os-cloud': {},
  'os-applicationCredentialID': { needs: ['os-applicationCredentialSecret'] },
  'os-applicationCredentialName': { needs: ['os-applicationCredentialSecret'] },
  'os-applicationCredentialSecret': { needs: ['os-applicationCredentialID', 'os-applicationCredentialName'] },
};

/**
 * The login that a Secret describes; keys that the driver does not know are passed over, as there.
 * @throws Error in the validator's words where the keys do not go together.
 */
export function authOptions(secrets: Secrets): Record<string, string> {
  const options: Record<string, string> = {};
  for (const [key, { isBoolean }] of Object.entries(KEYS)) {
    const value = secrets[key];
    if (value === undefined) continue;
    if (value === '') throw new Error(`parameter '${key}' cannot be empty`);
    if (isBoolean && !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value)) {
      const why = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
      throw new Error(`invalid boolean value for parameter '${key}': ${why}`);
    }
    options[key] = value;
  }
  for (const [key, { needs }] of Object.entries(KEYS)) {
    if (options[key] === undefined || !needs) continue;
    if (needs.filter((one) => options[one] !== undefined).length === 1) continue;
    throw new Error(
      needs.length === 1
        ? `parameter '${key}' requires '${needs[0] ?? ''}'`
        : `parameter '${key}' requires exactly one of [${needs.join(' ')}] parameters`,
    );
  }
  for (const [key, { matches }] of Object.entries(KEYS)) {
    const value = options[key];
    if (value !== undefined && matches && !matches.test(value)) {
      throw new Error(`parameter '${key}' does not match pattern ${matches.source}`);
    }
  }
  return options;
}
