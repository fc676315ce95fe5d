package dev.abide.examples.user;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who shops: an address and a cart. */
@DurableObject("user")
public interface User {
  /** Where parcels go. The number is what stands for a part on disk. */
  @Stored
  record Address(
      @StoredAs(1) String name,
      @StoredAs(2) String street,
      @StoredAs(3) String postcode,
      @StoredAs(4) String city,
      @StoredAs(5) Optional<String> country) {
    /** An address without a name, a street or a city reaches nobody. */
    public Address {
      if (name.isBlank() || street.isBlank() || city.isBlank()) {
        throw new IllegalArgumentException("an address needs a name, a street and a city");
      }
    }
  }

  /** So many of a thing. */
  record Item(String sku, int quantity) {}

  /** Sets the address. */
  @Exposed
  void moveTo(Address address);

  /** The address, if there is one. */
  @Exposed
  @ReadOnly
  Optional<Address> address();

  /** Puts so many more of a thing into the cart, and says how many there are now. */
  @Exposed
  int add(String sku, int quantity);

  /** Takes a thing out of the cart; whether it was there. */
  @Exposed
  boolean remove(String sku);

  /** The cart, by article number. */
  @Exposed
  @ReadOnly
  List<Item> cart();

  /** The implementation. */
  final class UserObject implements User {
    private static final int ITEMS_MAX = 100;

    private final Cell<Address> address;
    private final StoredMap<String, Integer> cart;

    public UserObject(ObjectContext context) {
      address = context.storage().cell("address", Address.class);
      cart = context.storage().map("cart", String.class, Integer.class);
    }

    @Override
    public void moveTo(Address newAddress) {
      address.set(newAddress);
    }

    @Override
    public Optional<Address> address() {
      return address.find();
    }

    @Override
    public int add(String sku, int quantity) {
      if (sku.isBlank() || quantity < 1) {
        throw new IllegalArgumentException(
            "\"" + sku + "\" x " + quantity + ": name a thing, and add 1 or more");
      }
      if (!cart.contains(sku) && cart.keys().size() >= ITEMS_MAX) {
        throw new IllegalStateException("the cart holds " + ITEMS_MAX + " things, which is all");
      }
      return cart.merge(sku, quantity, Math::addExact);
    }

    @Override
    public boolean remove(String sku) {
      return cart.remove(sku);
    }

    @Override
    public List<Item> cart() {
      return cart.entries().stream().map(UserObject::item).toList();
    }

    private static Item item(Map.Entry<String, Integer> entry) {
      return new Item(entry.getKey(), entry.getValue());
    }
  }
}
