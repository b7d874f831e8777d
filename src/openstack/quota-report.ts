/** Quotas of a project, or of one share type in it. */
export interface QuotaReport {
  /** Whose quotas these are. */
  project: { id: string; name: string };
  /** The share type, where its limits were asked for; it has the project's where it has none of its own. */
  shareType?: string;
  /** One entry a limit, in Manila's order. */
  quotas: QuotaEntry[];
}

export interface QuotaEntry {
  /** Manila's name: shares, gigabytes (GiB), snapshots, ... */
  key: string;
  /** -1 is unlimited. */
  limit: number;
  /** How much of it is used. */
  inUse: number;
  /** How much of it is held by requests under way. */
  reserved: number;
}
