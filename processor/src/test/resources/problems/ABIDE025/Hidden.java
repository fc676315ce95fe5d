package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("hidden")
interface Hidden {
  void put(other.Parcel parcel);

  void fine(other.Letter letter);
}
