package dev.abide.examples.cart;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import java.nio.file.Path;
import java.util.List;

/** Fills a customer's cart from the command line. */
public final class Main {
  private static final String USAGE =
      "usage: cart NAME [add THING QUANTITY | note THING TEXT | remove THING | checkout]";

  private Main() {}

  /** A customer's name and what to do; the directory is {@code data/cart}. */
  public static void main(String[] args) {
    if (args.length == 0) {
      refuse(USAGE);
    }
    try (Abide abide =
        Abide.open(
            Path.of("data", "cart"), options -> options.host(Cart.class, Cart.CartObject::new))) {
      Cart cart = abide.get(Cart.class, args[0]);
      switch (args.length == 1 ? "show" : args[1] + " " + args.length) {
        case "show" -> print(cart.lines());
        case "add 4" -> System.out.println(cart.add(args[2], Integer.parseInt(args[3])));
        case "note 4" ->
            System.out.println(cart.note(args[2], args[3]) ? "noted" : "was not there");
        case "remove 3" -> System.out.println(cart.remove(args[2]) ? "removed" : "was not there");
        case "checkout 2" -> print(cart.checkout());
        default -> throw new IllegalArgumentException(USAGE);
      }
    } catch (NumberFormatException e) {
      refuse("\"" + args[3] + "\" is not a quantity; " + USAGE);
    } catch (Cart.FullException
        | AbideException
        | ArithmeticException
        | IllegalArgumentException
        | IllegalStateException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private static void print(List<Cart.Line> lines) {
    for (Cart.Line line : lines) {
      String note = line.note().map(text -> " (" + text + ")").orElse("");
      System.out.println(line.quantity() + " " + line.sku() + note);
    }
  }

  private static void refuse(String why) {
    System.err.println("cart: " + why);
    System.exit(1);
  }
}
