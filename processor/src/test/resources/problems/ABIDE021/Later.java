package shop;

import dev.abide.annotations.*;
import java.util.*;

import java.util.concurrent.*;

@DurableObject("later")
interface Later {
  CompletableFuture<String> future();

  Future<String> plain();
}
