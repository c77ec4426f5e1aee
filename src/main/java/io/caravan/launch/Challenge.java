package io.caravan.launch;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The texts that the command and the gateway sign for each other. Both have the address of the
 * connection in them, so that nobody who listens elsewhere can pass on what the gateway says.
 *
 * @param nonce the command's number, which is used once
 * @param address the address at which the gateway has got the request, as {@code IP:PORT}
 */
record Challenge(String nonce, String address) {
  /** The command's header: the number and its signature, with a dot between them. */
  static final String CHALLENGE = "caravan-challenge";

  /** The command's header with the model whose facts it wants. */
  static final String MODEL = "caravan-model";

  /** The gateway's header: the signature of its answer. */
  static final String PROOF = "caravan-proof";

  static String address(String ip, int port) {
    try {
      String same = InetAddress.getByName(ip).getHostAddress();
      return same.replaceFirst("%.*", "") + ":" + port;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + ip, e);
    }
  }

  /** Reads a header and checks who has sent it; null if that is anyone else. */
  static Challenge of(String header, String address, Secret secret) {
    int dot = header.indexOf('.');
    if (dot < 0) {
      return null;
    }
    Challenge challenge = new Challenge(header.substring(0, dot), address);
    String code = header.substring(dot + 1);
    return secret.signed(challenge.question(), code) ? challenge : null;
  }

  String header(Secret secret) {
    return nonce + "." + secret.sign(question());
  }

  private String question() {
    return "caravan code\n" + nonce + "\n" + address;
  }

  String answer(String body) {
    return "caravan gateway\n" + nonce + "\n" + address + "\n" + body;
  }
}
