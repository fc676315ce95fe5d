package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
sealed interface Shape {}

@Stored
record GoodCircle(@StoredAs(1) double radius) implements Shape {}
