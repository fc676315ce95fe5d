package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored("Line Item")
record Line(@StoredAs(1) String sku) {}
