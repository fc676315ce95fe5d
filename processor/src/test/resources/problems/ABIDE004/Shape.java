package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("shape")
sealed interface Shape permits Circle {
  double area();
}

final class Circle implements Shape {
  @Override
  public double area() {
    return 1;
  }
}
