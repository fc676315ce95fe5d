package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
sealed interface Shape {}

@Stored("round")
record GoodCircle(@StoredAs(1) double radius) implements Shape {}

@Stored
sealed interface GoodCurved extends Shape {}

@Stored("round")
record GoodEllipse(@StoredAs(1) double a, @StoredAs(2) double b) implements GoodCurved {}
