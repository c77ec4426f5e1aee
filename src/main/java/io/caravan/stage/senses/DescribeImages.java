package io.caravan.stage.senses;

import io.caravan.anthropic.Source;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.fetch.FetchException;
import io.caravan.json.JsonText;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.provider.Dialects;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.senses.Attachment;
import io.caravan.senses.FetchedAttachments;
import io.caravan.senses.ImageDescriptions;
import io.caravan.senses.Picture;
import io.caravan.stage.Convert;
import io.caravan.translate.request.Loss;
import io.caravan.translate.request.OutsideText;
import io.caravan.translate.request.Substitutes;
import io.caravan.translate.request.Substitutes.Substitute;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Finds words for the images that the attempt's model can't take, and fetches images by URL for a
 * model that takes data only. What it finds stands in {@link Contract#SUBSTITUTES}; the request
 * stays as it is, since a fallback may see images.
 */
public final class DescribeImages implements Processor {
  private static final String FAILED = "it could not be described";

  private final Dialects dialects = new Dialects();
  private ImageDescriptions descriptions = new ImageDescriptions();
  private FetchedAttachments images = new FetchedAttachments();
  private LearnedQuirks quirks = new LearnedQuirks();

  /** Sets the descriptions. */
  public void setDescriptions(ImageDescriptions descriptions) {
    this.descriptions = descriptions;
  }

  /** Sets the images by URL. */
  public void setImages(FetchedAttachments images) {
    this.images = images;
  }

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    ModelChoice choice = Attempt.of(exchange).model();
    Dialect dialect =
        dialects.of(
            choice.provider(), choice.card(), Convert.learned(request, choice, quirks).card());
    List<Attachment> attached =
        Attachment.of(request.message()).stream().filter(Attachment::isImage).toList();
    Substitutes found = substitutes(exchange);
    if (dialect.images() == Attachments.NONE && descriptions.isOn()) {
      describe(request, attached, found);
    } else if (dialect.images() == Attachments.DATA && images.isEnabled()) {
      fetch(request, attached, found);
    }
  }

  /** Returns the substitutes of this attempt, which a step before may have begun. */
  static Substitutes substitutes(Exchange exchange) {
    Substitutes found = exchange.getProperty(Contract.SUBSTITUTES, Substitutes.class);
    if (found == null) {
      found = new Substitutes();
      exchange.setProperty(Contract.SUBSTITUTES, found);
    }
    return found;
  }

  private void describe(GatewayRequest request, List<Attachment> attached, Substitutes found) {
    // To compare two images by content would decode both.
    IdentityHashMap<Source, Picture> pictures = new IdentityHashMap<>();
    for (Attachment image : attached) {
      if (image.source().kind() != Source.Kind.FILE) {
        pictures.putIfAbsent(image.source(), new Picture(image.source(), image.question(), false));
      }
    }
    IdentityHashMap<Picture, String> texts =
        descriptions.of(request, List.copyOf(pictures.values()));
    pictures.forEach(
        (source, picture) -> {
          String text = texts.get(picture);
          found.put(
              source,
              text == null
                  ? new Substitute.Missing(FAILED)
                  : new Substitute.Text(
                      OutsideText.marked("image description", source.url(), text),
                      Loss.IMAGE_DESCRIBED));
        });
  }

  private void fetch(GatewayRequest request, List<Attachment> attached, Substitutes found) {
    for (Attachment image : attached) {
      Source source = image.source();
      if (source.kind() == Source.Kind.URL && !source.url().startsWith("data:")) {
        found.put(source, fetched(request, source.url()));
      }
    }
  }

  private Substitute fetched(GatewayRequest request, String url) {
    try {
      Source data = images.data(request, url);
      return new Substitute.Data(
          JsonText.of("data:" + data.mediaType() + ";base64," + data.data()));
    } catch (FetchException e) {
      return new Substitute.Missing("it was not fetched: " + e.getMessage());
    }
  }
}
