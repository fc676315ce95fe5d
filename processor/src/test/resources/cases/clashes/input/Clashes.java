package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import java.util.List;

@DurableObject("clashes")
interface Clashes {
  record Turn(List<String> names) {}

  record Call(int x) {}

  record PutCall(int x) {}

  record Value(List<String> value, List<String> stubs, List<String> what) {}

  record String2(String x) {}

  @Exposed
  long locals(Turn turn, Call call, String result, String commit, String failure, String instance);

  void put(int a);

  PutCall put(PutCall a);

  void Put(long a);

  void methods();

  String take(String method);

  void queue(Value value);

  void send(int call);

  boolean equals(String other);

  String toString(int radix);

  void wait(String until);

  @java.lang.Override
  boolean equals(Object other);

  @java.lang.Override
  int hashCode();

  @java.lang.Override
  String toString();

  static int fixed() {
    return 1;
  }

  private int hidden() {
    return 1;
  }
}
