package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
sealed interface Shape {}

record Circle(double radius) implements Shape {}

final class Square implements Shape {}

@Stored("good")
record GoodDot() implements Shape {}
