/** By what the positions are put together. */
export const GROUP_BYS = ["underlying", "type", "account", "none"] as const;
export type GroupBy = (typeof GROUP_BYS)[number];
export const GROUP_BY_NAMES: Record<GroupBy, string> = { underlying: "Underlying", type: "Type", account: "Account", none: "None" };
