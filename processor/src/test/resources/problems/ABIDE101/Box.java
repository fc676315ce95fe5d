package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Box<T>(@StoredAs(1) String label) {}
