package shop;

import dev.abide.engine.Abide;
import java.nio.file.Path;

public final class Main {
  public static void main(String[] args) {
    try (Abide abide =
        Abide.open(
            Path.of(args.length > 0 ? args[0] : "data"),
            options -> options.host(Visits.class, Visits.VisitsObject::new))) {
      Visits visits = abide.get(Visits.class, "front-door");
      System.out.println("visit number " + visits.visit());
    }
  }
}
