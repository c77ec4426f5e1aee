package io.caravan.stage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.http.AbortReason;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.translate.request.LargeImages;
import io.caravan.translate.request.UpstreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Uploads large images of a converted request as assets of NVIDIA's Cloud Functions, and replaces
 * them by references: hosted NIM refuses images of more than about 200 KB in the body. It is off
 * unless a size is set, since it leaves a user's image with the provider. An image is uploaded at
 * most once an hour, however often a client repeats it.
 *
 * <p>docs.api.nvidia.com, "nemotron-3-nano-omni infer"; langchain-ai/langchain-nvidia, {@code
 * chat_models.py}.
 */
public final class UploadImages implements Processor {
  private static final String REFERENCES = "NVCF-INPUT-ASSET-REFERENCES";
  private static final String DESCRIPTION = "image of a conversation";
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120));

  private final Cache<String, String> ids =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofHours(1)).build();
  private UpstreamHttp http;
  private String assetsUrl = "";
  private int aboveBytes;

  /** Sets the connections to upstreams. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /**
   * Sets the URL for new assets, for example {@code https://api.nvcf.nvidia.com/v2/nvcf/assets}.
   */
  public void setAssetsUrl(String assetsUrl) {
    this.assetsUrl = assetsUrl;
  }

  /** Sets the size in bytes above which an image is uploaded; 0 uploads none. */
  public void setAboveBytes(int aboveBytes) {
    this.aboveBytes = aboveBytes;
  }

  @Override
  public void process(Exchange exchange) {
    Attempt attempt = Attempt.of(exchange);
    UpstreamRequest request = attempt.request();
    if (aboveBytes <= 0 || request.body().length() < aboveBytes) {
      return;
    }
    CallPlan plan = CallPlan.of(exchange);
    if (plan != null) {
      plan.enter("images", "those above " + aboveBytes + " bytes would be uploaded first");
      return;
    }
    List<String> used = new ArrayList<>();
    RawJson body =
        LargeImages.replaced(
            request.body(),
            aboveBytes,
            image -> {
              String id = id(exchange, image);
              used.add(id);
              return id;
            });
    if (!used.isEmpty()) {
      attempt.setRequest(request.withBody(body));
      attempt.headers().put(REFERENCES, String.join(",", used));
      exchange.getMessage().setBody(body);
    }
  }

  /**
   * Returns the id of an image. Each tenant has assets of its own: from another one's, a client
   * could learn whether somebody has sent an image. Two requests at once may both upload it; one
   * that waited for the other would wait for that one's client, too.
   */
  private String id(Exchange exchange, LargeImages.Image image) {
    // An asset belongs to the account of the key with which it was made.
    String key =
        GatewayRequest.of(exchange).client().tenant()
            + "/"
            + Attempt.of(exchange).key().name()
            + "/"
            + image.hash();
    String known = ids.getIfPresent(key);
    if (known == null) {
      known = upload(exchange, image);
      ids.put(key, known);
    }
    return known;
  }

  /** Creates an asset, uploads the image to it and returns its id. */
  private String upload(Exchange exchange, LargeImages.Image image) {
    JsonWriter json = new JsonWriter(128).beginObject();
    json.field("contentType", image.mediaType()).field("description", DESCRIPTION);
    Map<?, ?> asset =
        response(
            exchange, http.post(assetsUrl, headers(exchange), json.endObject().finish(), TIMEOUTS));
    String id = String.valueOf(asset.get("assetId"));
    // The upload URL is signed and needs no key.
    Map<String, String> headers =
        Map.of("Content-Type", image.mediaType(), "x-amz-meta-nvcf-asset-description", DESCRIPTION);
    response(
        exchange,
        http.put(String.valueOf(asset.get("uploadUrl")), headers, image.bytes(), TIMEOUTS));
    return id;
  }

  private static Map<String, String> headers(Exchange exchange) {
    Attempt attempt = Attempt.of(exchange);
    Map<String, String> headers =
        UpstreamHeaders.of(attempt.model().provider(), ClientInfo.UNKNOWN, attempt.key().secret());
    headers.put("Accept", "application/json");
    return headers;
  }

  /** Makes a call and returns the JSON object of its response; empty if there is none. */
  private static Map<?, ?> response(Exchange exchange, UpstreamCall call) {
    GatewayRequest.of(exchange).response().onClose(() -> call.abort(AbortReason.CLIENT_GONE));
    UpstreamFailures failures = new UpstreamFailures(exchange.getContext());
    try (call) {
      int status = call.open();
      if (status >= 300) {
        throw failures.refused(exchange, status, call);
      }
      byte[] body = call.readUpTo(64 * 1024);
      return body.length == 0
          ? Map.of()
          : JsonTree.read(new RawJson(body, 0, body.length)) instanceof Map<?, ?> map
              ? map
              : Map.of();
    } catch (UpstreamIoException | IllegalArgumentException e) {
      throw failures.broken(exchange, e);
    }
  }
}
