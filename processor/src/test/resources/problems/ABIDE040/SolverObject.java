package shop;

import dev.abide.annotations.*;

@Compute
final class SolverObject {}

@Compute
interface Maths {}
