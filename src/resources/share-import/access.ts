import type { Context } from '../../core/context.ts';
import { couldNotRun, usageError } from '../../core/errors.ts';
import { waitFor } from '../../core/wait.ts';
import type { Manila } from '../../openstack/manila.ts';
import type { AccessRule, Share } from '../../openstack/types.ts';
import type { Resource } from '../../reconcile/reconcile.ts';
import { isCovered, isSameClient } from '../storage-classes/share-clients.ts';

export interface WantedAccess {
  level: 'rw' | 'ro';
  /** IPv4 addresses of the nodes. */
  nodes: readonly string[];
  /** Who is let in where the rules that are there do not cover the nodes; undefined where nothing says it. */
  clients: readonly string[] | undefined;
}

export interface AccessPlan {
  /** Rules that are there and let nodes in. */
  found: AccessRule[];
  /** Clients that need a rule. */
  missing: string[];
}

/**
 * Which rules let the nodes in, and which are missing. A share whose rules cover all nodes is left as it is. Pure.
 * @throws CliError `usage` (exit 2) where rules are needed and nobody says for whom; `read-only-rule` (exit 3) where a
 *   client has a rule for reading only, as Manila takes no second one for it.
 */
export function planAccess(share: Share, rules: readonly AccessRule[], wanted: WantedAccess): AccessPlan {
  const ip = rules.filter(({ type, state }) => type === 'ip' && state !== 'error' && !/den/.test(state));
  const serving = ip.filter(({ level }) => level === 'rw' || wanted.level === 'ro');
  const lets = (address: string): AccessRule[] => serving.filter(({ to }) => isCovered(address, [to]));
  const outside = wanted.nodes.filter((address) => lets(address).length === 0);
  const found = serving.filter(({ to }) => wanted.nodes.some((address) => isCovered(address, [to])));
  if (outside.length === 0) return { found, missing: [] };
  if (!wanted.clients) {
    throw usageError(
      `no access rule of share ${share.name || share.id} lets ${outside.join(', ')} in, and it is not known which clients should have one`,
      { remedy: 'give the CIDRs of the nodes: --share-clients 10.0.0.0/16' },
    );
  }
  const missing = wanted.clients.filter((client) => !serving.some(({ to }) => isSameClient(to, client)));
  const readOnly = missing.filter((client) => ip.some(({ to }) => isSameClient(to, client)));
  if (readOnly.length > 0) {
    throw couldNotRun(
      'read-only-rule',
      `share ${share.name || share.id} lets ${readOnly.join(', ')} read only, and Manila takes no second rule for the same client`,
      { remedy: 'import it with --access-mode ReadOnlyMany, or take these rules away first' },
    );
  }
  const kept = serving.filter(({ to }) => wanted.clients?.some((client) => isSameClient(to, client)));
  return { found: [...new Set([...found, ...kept])], missing };
}

/** The missing rules, as something to show and to make. */
export function missingRules(
  manila: Manila,
  share: Share,
  level: 'rw' | 'ro',
  clients: readonly string[],
): Resource<undefined, string> {
  return {
    title: 'access rules',
    observe: async () => undefined,
    plan: () =>
      clients.map((to) => ({
        change: {
          kind: 'AccessRule',
          name: `${share.name || share.id} ${to} ${level}`,
          action: 'create',
          fields: [],
          destructive: false,
        },
        op: to,
      })),
    perform: async ({ op }) => {
      await manila.allowAccess(share.id, { type: 'ip', to: op, level });
    },
  };
}

/**
 * Waits until the rules of these clients are applied: Manila takes them and its back end follows.
 * @throws CliError `access-rule` (exit 3) where the back end refuses one.
 */
export async function waitForRules(
  ctx: Context,
  manila: Manila,
  share: Share,
  clients: readonly string[],
): Promise<AccessRule[]> {
  return waitFor(ctx, {
    what: `access rules of share ${share.name || share.id}`,
    timeoutMs: ctx.global.timeoutMs ?? 60_000,
    intervalMs: 300,
    nextCommand: `openstack share access list ${share.id}`,
    look: async () => {
      const own = (await manila.listAccessRules(share.id)).filter(({ to }) =>
        clients.some((one) => isSameClient(one, to)),
      );
      const bad = own.find(({ state }) => state === 'error');
      if (bad) {
        throw couldNotRun('access-rule', `the back end of share ${share.name} refuses the access rule for ${bad.to}`, {
          remedy: `see why: openstack share message list --resource-id ${share.id}`,
        });
      }
      const waiting = own.filter(({ state }) => state !== 'active');
      if (own.length >= clients.length && waiting.length === 0) return { done: true, value: own };
      return { done: false, reason: waiting.map(({ to, state }) => `${to} is ${state}`).join(', ') };
    },
  });
}
