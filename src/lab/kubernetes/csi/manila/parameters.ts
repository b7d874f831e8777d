import { parseJson } from '../../schema/parse-json.ts';
import { RpcError } from '../rpc.ts';

interface Rule {
  /** Value where the parameter is not given. */
  otherwise?: string;
  matches?: RegExp;
}

/** Parameters of a StorageClass that the driver knows (ControllerVolumeContext of its pkg/csi/manila/options). */
const CONTROLLER: Readonly<Record<string, Rule>> = {
  protocol: { matches: /^CEPHFS|NFS$/i },
  type: { otherwise: 'default' },
  shareNetworkID: {},
  autoTopology: { otherwise: 'false', matches: /^true|false$/i },
  availability: {},
  appendShareMetadata: {},
  affinity: {},
  antiAffinity: {},
  groupID: {},
  'cephfs-mounter': { otherwise: 'fuse', matches: /^kernel|fuse$/ },
  'cephfs-clientID': {},
  'cephfs-kernelMountOptions': {},
  'cephfs-fuseMountOptions': {},
  'nfs-shareClient': { otherwise: '0.0.0.0/0' },
};

/** What of them goes into a volume, to be read on the nodes. */
const NODE = [
  'shareID',
  'shareName',
  'shareAccessID',
  'shareAccessIDs',
  'cephfs-mounter',
  'cephfs-kernelMountOptions',
  'cephfs-fuseMountOptions',
];

const METADATA = ['csi.storage.k8s.io/pvc/name', 'csi.storage.k8s.io/pvc/namespace', 'csi.storage.k8s.io/pv/name'];
const CLUSTER_KEY = 'manila.csi.openstack.org/cluster';

/** Parameters with their defaults; ones that the driver does not know are passed over, as there. */
export function volumeParameters(given: Readonly<Record<string, string>>, protocol: string): Record<string, string> {
  const values: Record<string, string> = { ...given, protocol };
  const invalid = (why: string): RpcError => new RpcError('InvalidArgument', `invalid volume parameters: ${why}`);
  for (const [name, { otherwise }] of Object.entries(CONTROLLER)) {
    const value = values[name] ?? otherwise;
    if (value === '') throw invalid(`parameter '${name}' cannot be empty`);
    if (value !== undefined) values[name] = value;
  }
  for (const [name, { matches }] of Object.entries(CONTROLLER)) {
    const value = values[name];
    if (value !== undefined && matches && !matches.test(value)) {
      // Go writes the flag into the pattern.
      const pattern = matches.flags.includes('i') ? matches.source.replace('^', '^(?i)') : matches.source;
      throw invalid(`parameter '${name}' does not match pattern ${pattern}`);
    }
  }
  return values;
}

/** The part of a volume's parameters that its nodes need. */
export function nodeContext(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const entries = NODE.map((name) => [name, parameters[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Metadata of a new share: whose claim it is for, what the class adds, and the cluster. */
export function shareMetadata(parameters: Readonly<Record<string, string>>, clusterId: string): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const key of METADATA) {
    const value = parameters[key];
    if (value !== undefined) metadata[key] = value;
  }
  for (const [key, value] of Object.entries(appended(parameters.appendShareMetadata))) metadata[key] ??= value;
  if (clusterId !== '') metadata[CLUSTER_KEY] ??= clusterId;
  return metadata;
}

function appended(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  try {
    return parseJson(text).value as Record<string, string>;
  } catch (error) {
    throw new RpcError('InvalidArgument', `failed to parse appendShareMetadata field: ${(error as Error).message}`);
  }
}

/** What a volume says about its share, checked as on a node. */
export function nodeParameters(context: Readonly<Record<string, string>>): { shareId?: string; shareName?: string } {
  const { shareID, shareName, shareAccessID, shareAccessIDs } = context;
  const invalid = (why: string): RpcError => new RpcError('InvalidArgument', `invalid volume context: ${why}`);
  for (const name of NODE) if (context[name] === '') throw invalid(`parameter '${name}' cannot be empty`);
  if (shareID === undefined && shareName === undefined) throw invalid("missing required parameter 'shareID'");
  if (shareAccessID === undefined && shareAccessIDs === undefined)
    throw invalid("missing required parameter 'shareAccessID'");
  if (shareID !== undefined && shareName !== undefined)
    throw invalid("parameter 'shareID' cannot be specified together with 'shareName'");
  if (shareAccessID !== undefined && shareAccessIDs !== undefined) {
    throw invalid("parameter 'shareAccessID' cannot be specified together with 'shareAccessIDs'");
  }
  return { ...(shareID !== undefined && { shareId: shareID }), ...(shareName !== undefined && { shareName }) };
}
