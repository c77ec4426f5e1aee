package io.caravan.exchange;

/**
 * The part of the exchange contract that people read and write in YAML: exchange properties, listed
 * in docs/extend.md. What stages hand each other beside them is in {@link GatewayRequest}, one a
 * request, and {@link Attempt}, one a call upstream. They are properties, not headers, because
 * platform-http and camel-http send headers on.
 */
public final class Contract {
  /** String: {@code req_…}, also the response header {@code request-id}. Written by accept. */
  public static final String REQUEST_ID = "CaravanRequestId";

  /** {@link ClientInfo}: the client's tenant, session, agent and betas. Written by accept. */
  public static final String CLIENT = "CaravanClient";

  /** {@link io.caravan.anthropic.MessagesRequest}. Written by read-request. */
  public static final String REQUEST = "CaravanRequest";

  /**
   * String: the kind of a request that has been answered without a model. Written by
   * answer-locally.
   */
  public static final String LOCAL_ANSWER = "CaravanLocalAnswer";

  /**
   * {@link ModelChoice}: the provider and the model of the present attempt. Written by choose-model
   * and by each retry or fallback.
   */
  public static final String MODEL = "CaravanModel";

  /**
   * String: name of the provider whose route is called next. Written with {@link #MODEL}; a route
   * may overwrite it.
   */
  public static final String PROVIDER = "CaravanProvider";

  /**
   * String: the protocol of the present attempt's upstream, which names the route that reads its
   * stream. Written by convert and pass-through. No constant of an enum: to compare one with a text
   * takes Camel a fifth of a small request.
   */
  public static final String PROTOCOL = "CaravanProtocol";

  /**
   * Long: input tokens of the request, estimated by count-tokens, in whose place a user's own
   * counter may stand, or as the upstream has counted them (ask-count).
   */
  public static final String INPUT_TOKENS = "CaravanInputTokens";

  private Contract() {}
}
