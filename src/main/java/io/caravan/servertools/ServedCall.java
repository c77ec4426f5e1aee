package io.caravan.servertools;

import io.caravan.json.RawJson;

/**
 * A call of a tool that the gateway runs.
 *
 * @param id the id under which the model sees the call, {@code toolu_…}
 * @param name the tool's name
 * @param input the arguments as the model wrote them; not JSON if it wrote none
 */
public record ServedCall(String id, String name, RawJson input) {
  /** The beginning of the ids of such calls in the client's blocks. */
  private static final String SERVER = "srvtoolu_";

  private static final String OWN = "toolu_";

  /** Returns the id under which the client sees the call, {@code srvtoolu_…}. */
  public String clientId() {
    return clientId(id);
  }

  /** Returns the client's id of a call. */
  static String clientId(String id) {
    return id.startsWith(OWN) ? SERVER + id.substring(OWN.length()) : SERVER + id;
  }

  /** Returns the id under which the model saw a call that the client replays. */
  static String id(String clientId) {
    return clientId.startsWith(SERVER) ? OWN + clientId.substring(SERVER.length()) : clientId;
  }
}
