/** The shapes on the wire under short names, so that a regenerated schema touches this file alone. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type WireSession = Schemas["Session"];
export type WireConnection = Schemas["Connection"];
export type WireSummary = Schemas["Summary"];
export type WirePosition = Schemas["Position"];
export type WirePositions = Schemas["Positions"];
export type WireClosedPosition = Schemas["ClosedPosition"];
export type WireNetLiq = Schemas["NetLiqHistory"];
export type WireOrder = Schemas["Order"];
export type WireOrderDetail = Schemas["OrderDetail"];
export type WireOrderFill = Schemas["OrderFill"];
export type WireOrderEvent = Schemas["TimelineEntry"];
export type WireStrategies = Schemas["Strategies"];
export type WireStrategy = Schemas["Strategy"];
export type WireStrategyLeg = Schemas["StrategyLeg"];
export type WireStrategyFact = Schemas["StrategyFact"];
export type WireRegroup = Schemas["RegroupRequest"];
export type WireStatement = Schemas["Statement"];
export type WireTransaction = Schemas["Transaction"];
export type WireYear = Schemas["YearSoFar"];
export type WireHistory = Schemas["HistoryProgress"];
export type WireHistoryRequest = Schemas["HistoryRequestRequest"];
export type WireOrderLeg = Schemas["OrderLeg"];
export type WireActivity = Schemas["Activity"];
export type WireMarketSession = Schemas["MarketSession"];
export type WireRefresh = Schemas["RefreshAnswer"];
export type OAuthReason = Schemas["OAuthReason"];
export type WireQuote = Schemas["Quote"];
export type WireStream = Schemas["Stream"];
