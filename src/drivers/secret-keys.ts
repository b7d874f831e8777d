/** How Manila CSI reads one key of a Secret. */
export interface SecretKey {
  /** Exactly one of these has to be there with it. */
  needsOneOf?: readonly string[];
  values?: RegExp;
  /** In words, for the remedy. */
  valuesText?: string;
  /** A file in the driver's pods, not in the Secret. */
  isPath?: true;
  /** Its value is a secret. */
  isSecret?: true;
}

/** What proves who logs in; with os-authURL the driver wants exactly one. */
export const LOGIN_PROOFS = [
  'os-password',
  'os-trustID',
  'os-applicationCredentialSecret',
  'os-clientCertPath',
] as const;

/**
 * The keys that Manila CSI knows, by the rules of its validator: a known key must not be empty, an unknown one is
 * passed over. Source: AuthOpts in pkg/client/client.go of cloud-provider-openstack 1.35, tried on the real driver.
 */
export const SECRET_KEYS: Readonly<Record<string, SecretKey>> = {
  'os-authURL': { needsOneOf: LOGIN_PROOFS },
  'os-userID': {},
  'os-userName': {},
  'os-password': { isSecret: true },
  'os-projectID': {},
  'os-projectName': {},
  'os-trustID': {},
  'os-trusteeID': { needsOneOf: ['os-trustID'] },
  'os-trusteePassword': { needsOneOf: ['os-trustID'], isSecret: true },
  'os-domainID': {},
  'os-domainName': {},
  'os-projectDomainID': {},
  'os-projectDomainName': {},
  'os-userDomainID': {},
  'os-userDomainName': {},
  'os-region': {},
  'os-endpointType': {
    values: /^(public|internal|admin)(URL)?$/,
    valuesText: 'public, internal or admin',
  },
  'os-certAuthorityPath': { isPath: true },
  'os-certAuthority': {},
  'os-TLSInsecure': { values: /^(true|false)$/, valuesText: 'true or false, in lower case' },
  'os-token': { isSecret: true },
  'os-clientCertPath': { needsOneOf: ['os-clientKeyPath'], isPath: true },
  'os-clientKeyPath': { needsOneOf: ['os-clientCertPath'], isPath: true },
  'os-useClouds': { values: /^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/, valuesText: 'true or false' },
  'os-cloudsFile': {},
  'os-cloud': {},
  'os-applicationCredentialID': { needsOneOf: ['os-applicationCredentialSecret'] },
  'os-applicationCredentialName': { needsOneOf: ['os-applicationCredentialSecret'] },
  'os-applicationCredentialSecret': {
    needsOneOf: ['os-applicationCredentialID', 'os-applicationCredentialName'],
    isSecret: true,
  },
};
