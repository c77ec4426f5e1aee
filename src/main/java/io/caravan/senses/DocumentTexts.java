package io.caravan.senses;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.anthropic.Source;
import io.caravan.documents.DocumentException;
import io.caravan.documents.DocumentLimits;
import io.caravan.documents.DocumentReader;
import io.caravan.documents.ReadDocument;
import io.caravan.exchange.GatewayRequest;
import io.caravan.fetch.FetchException;
import io.caravan.fetch.Fetched;
import io.caravan.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts of documents. A document is read once for each tenant, however often a client repeats
 * it. The pages that have no text are read by a vision model, if one is named.
 */
public final class DocumentTexts {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.senses");

  /** The characters of the texts kept for all clients together. */
  private static final long KEPT = 16L * 1024 * 1024;

  /** The media type of PDFs. */
  public static final String PDF = "application/pdf";

  private final Cache<String, Result> known = cache().build();
  private DocumentReader reader = new DocumentReader();
  private ImageDescriptions descriptions = new ImageDescriptions();
  private FetchedAttachments fetched = new FetchedAttachments();
  private boolean enabled;
  private int maxBytes = 32 * 1024 * 1024;
  private int pages = 100;
  private int characters = 300_000;
  private int scans = 20;
  private Duration timeout = Duration.ofSeconds(20);
  private Duration pause = Duration.ofMinutes(5);
  private Cache<String, Result> unsure;

  /**
   * A document's text, or the reason for which it has none.
   *
   * @param text the text with marks of its pages, or null
   * @param failure words that go on from "left out: ", or null
   */
  public record Result(String text, String failure) {
    int size() {
      return (text == null ? failure : text).length();
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Content(byte[] bytes, String mediaType) {}

  /** Sets the reader. */
  public void setReader(DocumentReader reader) {
    this.reader = reader;
  }

  /** Sets the descriptions of images, for pages that have no text. */
  public void setDescriptions(ImageDescriptions descriptions) {
    this.descriptions = descriptions;
  }

  /** Sets the documents by URL. */
  public void setFetched(FetchedAttachments fetched) {
    this.fetched = fetched;
  }

  /**
   * Sets whether documents are read; false by default.
   *
   * @param enabled {@code true} or not; a text, since an export binds a setting that comes from the
   *     environment before it has a value that is a boolean's
   */
  public void setEnabled(String enabled) {
    this.enabled = Boolean.parseBoolean(enabled);
  }

  /** Sets the most bytes of a document; 32 MB by default. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sets the most pages that are read of a document; 100 by default. */
  public void setMaxPages(int maxPages) {
    this.pages = maxPages;
  }

  /** Sets the most characters that are read of a document; 300,000 by default. */
  public void setMaxCharacters(int maxCharacters) {
    this.characters = maxCharacters;
  }

  /** Sets the most pages of a document that a vision model reads; 20 by default. */
  public void setMaxScans(int maxScans) {
    this.scans = maxScans;
  }

  /** Sets the milliseconds that reading a document may take; 20,000 by default. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeout = Duration.ofMillis(timeoutMillis);
  }

  /** Sets the milliseconds after which what failed is tried again; 300,000 by default. */
  public void setRetryMillis(long retryMillis) {
    this.pause = Duration.ofMillis(retryMillis);
  }

  /** Returns whether documents are read. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Returns whether documents of a media type are read. */
  public static boolean reads(String mediaType) {
    String type = mediaType == null ? PDF : mediaType.toLowerCase(Locale.ROOT);
    return type.equals(PDF)
        || type.startsWith("text/")
        || type.equals("application/xhtml+xml")
        || type.equals("application/json");
  }

  /** Returns the text of a document that is given as base64, as text or by URL. */
  public Result of(GatewayRequest request, Source source) {
    String key = request.client().tenant() + " " + Picture.hash(source, 'd');
    Result result = known.getIfPresent(key);
    result = result == null ? unsure().getIfPresent(key) : result;
    if (result != null) {
      return result;
    }
    List<Picture> unread = new ArrayList<>();
    result = read(request, source, unread);
    // What failed for a reason of the moment is tried again. The rest is the same each time.
    boolean sure = result.text() != null && unread.isEmpty();
    (sure ? known : unsure()).put(key, result);
    return result;
  }

  /** Returns the text of a PDF that was fetched. */
  public Result ofPdf(GatewayRequest request, byte[] pdf) {
    JsonText data = JsonText.of(Base64.getEncoder().encodeToString(pdf));
    return of(request, new Source(Source.Kind.BASE64, PDF, data, null, null, List.of()));
  }

  private Result read(GatewayRequest request, Source source, List<Picture> unread) {
    // A document waits for another one, and is read; its pages' images are waited for elsewhere.
    long end = System.nanoTime() + 3 * timeout.toNanos();
    request.pingDuring(() -> System.nanoTime() - end < 0);
    try {
      Content content = content(request, source);
      if (content.bytes().length > maxBytes) {
        return new Result(null, "it has more than " + maxBytes + " bytes");
      }
      DocumentLimits limits =
          new DocumentLimits(pages, characters, descriptions.isOn() ? scans : 0, timeout);
      ReadDocument document = reader.read(content.bytes(), content.mediaType(), limits);
      return new Result(text(request, document, unread), null);
    } catch (FetchException e) {
      return new Result(null, "it was not fetched: " + e.getMessage());
    } catch (DocumentException e) {
      LOG.info("Request {}: a document was not read: {}", request.id(), e.getMessage());
      return new Result(null, e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Result(null, "its data is not base64");
    }
  }

  private Content content(GatewayRequest request, Source source) throws FetchException {
    if (source.kind() == Source.Kind.URL) {
      Fetched document = fetched.document(request, source.url());
      return new Content(document.bytes(), document.mediaType());
    }
    String type = source.mediaType() == null ? PDF : source.mediaType().toLowerCase(Locale.ROOT);
    byte[] bytes =
        source.kind() == Source.Kind.TEXT
            ? source.data().toString().getBytes(StandardCharsets.UTF_8)
            : Base64.getMimeDecoder().decode(source.data().toString());
    return new Content(bytes, type);
  }

  private String text(GatewayRequest request, ReadDocument document, List<Picture> unread) {
    if (document.pageCount() == 0) {
      String rest =
          document.end() == null ? "" : "\n[The rest is left out: " + document.end() + "]";
      return document.pages().get(0).text() + rest;
    }
    IdentityHashMap<ReadDocument.Page, String> scanned = scanned(request, document, unread);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < document.pages().size(); i++) {
      ReadDocument.Page page = document.pages().get(i);
      text.append("[Page ").append(i + 1).append(" of ").append(document.pageCount()).append("]\n");
      text.append(page.text().isEmpty() ? scanned.getOrDefault(page, "(no text)") : page.text());
      text.append("\n\n");
    }
    if (document.end() != null) {
      text.append("[What follows page ").append(document.pages().size());
      text.append(" is left out: ").append(document.end()).append(']');
    }
    return text.toString().strip();
  }

  /** Returns the texts of the pages that are images, as far as a vision model has read them. */
  private IdentityHashMap<ReadDocument.Page, String> scanned(
      GatewayRequest request, ReadDocument document, List<Picture> unread) {
    IdentityHashMap<ReadDocument.Page, Picture> pictures = new IdentityHashMap<>();
    for (ReadDocument.Page page : document.pages()) {
      if (page.scan() != null) {
        JsonText data = JsonText.of(Base64.getEncoder().encodeToString(page.scan()));
        Source image = new Source(Source.Kind.BASE64, "image/jpeg", data, null, null, List.of());
        pictures.put(page, new Picture(image, "", true));
      }
    }
    IdentityHashMap<Picture, String> texts =
        descriptions.of(request, List.copyOf(pictures.values()));
    IdentityHashMap<ReadDocument.Page, String> scanned = new IdentityHashMap<>();
    pictures.forEach(
        (page, picture) -> {
          String words = texts.get(picture);
          if (words == null) {
            unread.add(picture);
          }
          scanned.put(page, words == null ? "(an image that could not be read)" : words);
        });
    return scanned;
  }

  private static Caffeine<String, Result> cache() {
    return Caffeine.newBuilder()
        .executor(Runnable::run)
        .maximumWeight(KEPT)
        .weigher((String key, Result result) -> key.length() + result.size());
  }

  private synchronized Cache<String, Result> unsure() {
    if (unsure == null) {
      unsure = cache().expireAfterWrite(pause).build();
    }
    return unsure;
  }
}
