package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored(retired = {2, 5})
record Line(@StoredAs(1) String sku, @StoredAs(2) int quantity) {}
