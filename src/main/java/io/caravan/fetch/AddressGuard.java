package io.caravan.fetch;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells the addresses of the public internet from all others: those of this machine, of its
 * network, of a cloud's services for its machines, and those that only carry an IPv4 address
 * inside.
 *
 * <p>IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890); RFC 6052 (NAT64),
 * RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP).
 */
public final class AddressGuard {
  private static final List<Prefix> REFUSED =
      Prefix.all(
          "0.0.0.0/8", // this network; Linux takes 0.0.0.0 for this machine
          "10.0.0.0/8",
          "100.64.0.0/10", // carriers' NAT, and Alibaba's metadata
          "127.0.0.0/8",
          "169.254.0.0/16", // link-local, and the metadata of most clouds
          "172.16.0.0/12",
          "192.0.0.0/24", // protocol assignments, and Oracle's metadata
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16",
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4", // reserved, and broadcast
          "168.63.129.16/32", // Azure's services for its machines
          "2001::/23", // protocol assignments: Teredo, ORCHID
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "3fff::/20"); // documentation

  /**
   * IPv6 has public addresses only here. Outside are loopback, IPv4 in IPv6 (mapped, compatible,
   * translated, NAT64), unique local, link-local, site-local and multicast ones.
   */
  private static final Prefix GLOBAL_UNICAST = Prefix.of("2000::/3");

  private final Predicate<InetAddress> own;

  /** Makes a guard that also refuses the addresses of this machine's interfaces. */
  public AddressGuard() {
    this(AddressGuard::isOfThisMachine);
  }

  AddressGuard(Predicate<InetAddress> own) {
    this.own = own;
  }

  /** Returns whether the address is one of the public internet, and not of this machine. */
  public boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16 && (!GLOBAL_UNICAST.contains(bytes) || isIsatap(bytes))) {
      return false;
    }
    return REFUSED.stream().noneMatch(prefix -> prefix.contains(bytes)) && !own.test(address);
  }

  /** Returns whether an address of any prefix ends in 0:5efe and an IPv4 address. */
  private static boolean isIsatap(byte[] bytes) {
    return (bytes[8] & 0xfc) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }

  /** A range of addresses in the form of RFC 4632. */
  private record Prefix(int size, BigInteger bits, int shift) {
    static List<Prefix> all(String... prefixes) {
      return List.of(prefixes).stream().map(Prefix::of).toList();
    }

    static Prefix of(String text) {
      int slash = text.indexOf('/');
      try {
        // A literal is not looked up.
        byte[] bytes = InetAddress.getByName(text.substring(0, slash)).getAddress();
        int shift = bytes.length * 8 - Integer.parseInt(text.substring(slash + 1));
        return new Prefix(bytes.length, new BigInteger(1, bytes).shiftRight(shift), shift);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(text, e);
      }
    }

    boolean contains(byte[] address) {
      return address.length == size && new BigInteger(1, address).shiftRight(shift).equals(bits);
    }
  }
}
