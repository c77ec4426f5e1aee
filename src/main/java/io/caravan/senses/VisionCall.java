package io.caravan.senses;

import io.caravan.exchange.GatewayRequest;
import io.caravan.http.CallScope;

/** The way to a description. */
interface VisionCall {
  /**
   * Describes one picture, and waits for the words.
   *
   * @param request the request that has the picture, and whose client is charged
   * @param scope the scope whose close ends the call
   * @return null if it failed
   */
  String describe(GatewayRequest request, Picture picture, CallScope scope);
}
