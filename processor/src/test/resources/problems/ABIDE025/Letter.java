package other;

public record Letter(Content content) {
  record Content(String name) {}
}
