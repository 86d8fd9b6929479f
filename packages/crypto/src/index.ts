// Keys and handles.
export {
  cellHandle,
  type OrderedColumn,
  orderedColumnHandle,
  recordHandle,
  scopeHandle,
  sealedColumnHandle,
} from "./handles.ts";
export {
  type ChildNode,
  type ContextPart,
  type Derived,
  derive,
  drawKey,
  Key,
  type KeyTree,
  type Profile,
  type Purpose,
} from "./keys.ts";

// The ordered index: MOPSE.
export {
  type CompositeShape,
  type MapShape,
  type Ordered,
  OrderedMap,
  type OutOfDomain,
  orderedColumn,
  type Probes,
} from "./ordered.ts";
export { Prior } from "./ordered-prior.ts";
