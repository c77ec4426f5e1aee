package io.caravan.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private final AddressGuard guard = new AddressGuard(address -> false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.1.2.3",
        "127.255.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::93.184.216.34",
        "64:ff9b:1::10.0.0.1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2002:5db8:d822::",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "64:ff9b:1:fffe::127.0.0.1",
        "2001:0:7f00:1::1",
        "2001:1ff:ffff::1",
        "2002:a9fe:a9fe::",
        "2600:1::5efe:127.0.0.1",
        "2600:1::200:5efe:10.0.0.1"
      })
  void refusesWhatIsNotOfThePublicInternet(String address) throws UnknownHostException {
    assertThat(guard.isPublic(InetAddress.getByName(address))).isFalse();
  }

  /** Java turns the mapped form into an IPv4 address; one that did not is refused as well. */
  @Test
  void refusesAMappedAddress() throws UnknownHostException {
    assertThat(guard.isPublic(InetAddress.getByName("::ffff:127.0.0.1"))).isFalse();
    assertThat(guard.isPublic(InetAddress.getByName("::ffff:a9fe:a9fe"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.1",
        "126.1.1.1",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.1.1",
        "192.169.1.1",
        "198.17.1.1",
        "198.20.1.1",
        "223.255.255.255",
        "168.63.129.17",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2600:1::1",
        "2606:4700::1111",
        "2a00:1450::1",
        "2003::1"
      })
  void takesWhatIs(String address) throws UnknownHostException {
    assertThat(guard.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void refusesAPublicAddressOfThisMachine() throws UnknownHostException {
    InetAddress own = InetAddress.getByName("93.184.216.34");

    assertThat(new AddressGuard(own::equals).isPublic(own)).isFalse();
    assertThat(new AddressGuard().isPublic(own)).isTrue();
  }
}
