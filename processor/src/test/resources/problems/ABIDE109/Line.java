package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(
    @StoredAs(1) Date since,
    @StoredAs(2) List<StringBuilder> notes,
    @StoredAs(3) Plain plain,
    @StoredAs(4) Optional<Map<String, Box<String>>> boxes,
    @StoredAs(5) int[] counts,
    @StoredAs(6) Set<byte[]> keys,
    @StoredAs(7) List<?> anything,
    @StoredAs(8) List raw,
    @StoredAs(9) GoodCounter counter,
    @StoredAs(10) Colour colour,
    @StoredAs(11) Object object,
    @StoredAs(12) ArrayList<String> list,
    @StoredAs(13) Thing thing) {}

record Plain(String text) {}

record Box<T>(T content) {}

class Thing {}

enum Colour {
  RED
}

@DurableObject("good")
interface GoodCounter {}
