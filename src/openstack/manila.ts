import type { Context } from '../core/context.ts';
import * as access from './manila/access.ts';
import { discoverManila, type ManilaApi, type Microversion } from './manila/api.ts';
import * as backEnds from './manila/back-ends.ts';
import * as quotas from './manila/quotas.ts';
import * as shareNetworks from './manila/share-networks.ts';
import * as shareTypes from './manila/share-types.ts';
import * as shares from './manila/shares.ts';
import * as snapshots from './manila/snapshots.ts';
import type {
  AccessRule,
  Endpoint,
  Pool,
  QuotaDetail,
  QuotaSet,
  Session,
  Share,
  ShareNetwork,
  ShareType,
  Snapshot,
  UserMessage,
} from './types.ts';

/**
 * Manila's v2 API. Each call is made at the lowest microversion that serves it; where the cloud is older than that, a
 * CliError `microversion` (exit 3) names the feature. Everything else that goes wrong is an OpenStackError (exit 3).
 * What each method promises stands at the function of its name under `manila/`.
 */
export class Manila {
  readonly #api: ManilaApi;

  private constructor(api: ManilaApi) {
    this.#api = api;
  }

  /** Finds Manila in the session's catalog and reads its microversions: one request. */
  static async connect(session: Session, ctx: Context): Promise<Manila> {
    return new Manila(await discoverManila(session, ctx));
  }

  get endpoint(): Endpoint {
    return this.#api.endpoint;
  }

  get microversions(): { min: Microversion; max: Microversion } {
    return { min: this.#api.minVersion, max: this.#api.maxVersion };
  }

  supports(version: Microversion): boolean {
    return this.#api.supports(version);
  }

  /** Why the cloud is too old for this microversion; undefined where it is not. */
  lacks(version: Microversion): string | undefined {
    return this.#api.lacks(version);
  }

  /** For whole plans: fails before the first write where one of the calls to come could not be made. */
  require(version: Microversion, feature: string): void {
    this.#api.require(version, feature);
  }

  listShareTypes = (): Promise<ShareType[]> => shareTypes.listShareTypes(this.#api);
  defaultShareType = (): Promise<string | undefined> => shareTypes.defaultShareType(this.#api);
  createShareType = (wanted: shareTypes.NewShareType): Promise<ShareType> =>
    shareTypes.createShareType(this.#api, wanted);
  updateShareType = (id: string, changes: { description?: string; isPublic?: boolean }): Promise<void> =>
    shareTypes.updateShareType(this.#api, id, changes);
  deleteShareType = (id: string): Promise<boolean> => shareTypes.deleteShareType(this.#api, id);
  setExtraSpecs = (id: string, extraSpecs: Record<string, string>): Promise<void> =>
    shareTypes.setExtraSpecs(this.#api, id, extraSpecs);
  unsetExtraSpec = (id: string, key: string): Promise<boolean> => shareTypes.unsetExtraSpec(this.#api, id, key);
  listTypeAccess = (id: string): Promise<string[]> => shareTypes.listTypeAccess(this.#api, id);
  addTypeAccess = (id: string, projectId: string): Promise<void> => shareTypes.addTypeAccess(this.#api, id, projectId);
  removeTypeAccess = (id: string, projectId: string): Promise<void> =>
    shareTypes.removeTypeAccess(this.#api, id, projectId);

  getQuota = (projectId: string, scope?: quotas.QuotaScope): Promise<QuotaSet> =>
    quotas.getQuota(this.#api, projectId, scope);
  getQuotaDetail = (projectId: string, scope?: quotas.QuotaScope): Promise<QuotaDetail> =>
    quotas.getQuotaDetail(this.#api, projectId, scope);
  defaultQuota = (projectId: string): Promise<QuotaSet> => quotas.defaultQuota(this.#api, projectId);
  setQuota = (projectId: string, limits: QuotaSet, options?: quotas.QuotaScope & { force?: boolean }): Promise<void> =>
    quotas.setQuota(this.#api, projectId, limits, options);
  resetQuota = (projectId: string, scope?: quotas.QuotaScope): Promise<void> =>
    quotas.resetQuota(this.#api, projectId, scope);

  getShare = (id: string): Promise<Share | undefined> => shares.getShare(this.#api, id);
  listShares = (filter?: shares.ShareFilter): Promise<Share[]> => shares.listShares(this.#api, filter);
  countShares = (filter: shares.ShareFilter): Promise<number> => shares.countShares(this.#api, filter);
  createShare = (wanted: shares.NewShare): Promise<Share> => shares.createShare(this.#api, wanted);
  deleteShare = (id: string): Promise<boolean> => shares.deleteShare(this.#api, id);
  listAccessRules = (shareId: string): Promise<AccessRule[]> => access.listAccessRules(this.#api, shareId);
  allowAccess = (shareId: string, rule: access.NewAccessRule): Promise<AccessRule> =>
    access.allowAccess(this.#api, shareId, rule);
  denyAccess = (shareId: string, ruleId: string): Promise<boolean> => access.denyAccess(this.#api, shareId, ruleId);
  listSnapshots = (filter?: { allProjects?: boolean; projectId?: string }): Promise<Snapshot[]> =>
    snapshots.listSnapshots(this.#api, filter);
  deleteSnapshot = (id: string): Promise<boolean> => snapshots.deleteSnapshot(this.#api, id);
  exportLocations = (shareId: string): Promise<shares.ExportLocation[]> => shares.exportLocations(this.#api, shareId);
  messages = (about: { resourceId: string }): Promise<UserMessage[]> => shares.messages(this.#api, about);

  listShareNetworks = (projectId: string): Promise<ShareNetwork[]> =>
    shareNetworks.listShareNetworks(this.#api, projectId);

  listPools = (shareTypeId?: string): Promise<Pool[]> => backEnds.listPools(this.#api, shareTypeId);
  availabilityZones = (): Promise<string[]> => backEnds.availabilityZones(this.#api);
  limits = (): Promise<QuotaSet> => backEnds.limits(this.#api);
  isAdmin = (): Promise<boolean> => backEnds.isAdmin(this.#api);
}
