package other;

import java.util.List;

public record Parcel(String name, List<Content> contents) {
  record Content(String name) {}
}
