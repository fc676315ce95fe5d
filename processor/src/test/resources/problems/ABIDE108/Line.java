package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored(retired = {0, 5, 5})
record Line(@StoredAs(1) String sku) {}

@Stored(retired = 1)
sealed interface Shape {}

@Stored("dot")
record GoodDot() implements Shape {}
