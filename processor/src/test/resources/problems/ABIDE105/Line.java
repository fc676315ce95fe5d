package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(@StoredAs(0) String sku, @StoredAs(65_536) int quantity, @StoredAs(65_535) int fine) {}
