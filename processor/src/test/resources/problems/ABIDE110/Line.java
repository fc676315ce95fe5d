package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(@StoredAs(1) String sku, @StoredAs(2) @Nullable String note) {
  @interface Nullable {}
}
