package shop;

import dev.abide.annotations.Compute;
import dev.abide.annotations.DurableObject;

@Compute
@DurableObject("solver")
interface Solver {
  long solve(long puzzle);
}
