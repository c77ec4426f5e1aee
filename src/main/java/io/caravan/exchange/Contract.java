package io.caravan.exchange;

/**
 * The names of the exchange properties that routes read and write in YAML; docs/extend.md lists
 * them. They are properties and not headers, because platform-http and camel-http send headers on.
 *
 * <p>They are one half of the exchange contract. The other half is for processors in Java: {@link
 * GatewayRequest}, one for each request, and {@link Attempt}, one for each call upstream.
 */
public final class Contract {
  /** String: {@code req_…}, also the response header {@code request-id}. Accept writes it. */
  public static final String REQUEST_ID = "CaravanRequestId";

  /** {@link ClientInfo}: the client's tenant, session, agent and betas. Accept writes it. */
  public static final String CLIENT = "CaravanClient";

  /**
   * {@link io.caravan.anthropic.MessagesRequest}: the parsed request. Read-request writes it. To
   * replace the request, call {@link GatewayRequest#setMessage}: the stages read it there.
   */
  public static final String REQUEST = "CaravanRequest";

  /** String: the kind of a request that was answered without a model. Answer-locally writes it. */
  public static final String LOCAL_ANSWER = "CaravanLocalAnswer";

  /**
   * {@link ModelChoice}: the provider and the model of the present attempt. Choose-model and each
   * retry or fallback write it.
   */
  public static final String MODEL = "CaravanModel";

  /**
   * String: the name of the provider whose route is called next. It is written together with {@link
   * #MODEL}; a route may overwrite it.
   */
  public static final String PROVIDER = "CaravanProvider";

  /**
   * String: the protocol of the present attempt's upstream, by which the route that reads its
   * stream is found. Convert and pass-through write it. It is no enum, since Camel's comparison of
   * an enum with a text takes a fifth of a small request's time.
   */
  public static final String PROTOCOL = "CaravanProtocol";

  /**
   * Long: the input tokens of the request. Count-tokens, or a counter of your own in its place,
   * estimates them; ask-count writes the upstream's own count.
   */
  public static final String INPUT_TOKENS = "CaravanInputTokens";

  /**
   * String: the name of the {@code direct:} route that calls the provider. Written by the route
   * before each call.
   */
  public static final String PROVIDER_ROUTE = "CaravanProviderRoute";

  /**
   * Boolean: the message goes on with another call of the upstream. The completion was of no use
   * and the client has had nothing of it, or it has called tools that the gateway runs.
   * Finish-message writes it.
   */
  public static final String CALL_ONCE_MORE = "CaravanCallOnceMore";

  /**
   * {@link io.caravan.translate.request.Substitutes}: what stands in place of images and documents
   * that the present attempt's model can't take. The route {@code direct:senses} writes it.
   */
  public static final String SUBSTITUTES = "CaravanSubstitutes";

  /**
   * String: the name of the {@code direct:} route that runs a call of a server tool. Written before
   * each of them.
   */
  public static final String SERVER_TOOL_ROUTE = "CaravanServerToolRoute";

  private Contract() {}
}
