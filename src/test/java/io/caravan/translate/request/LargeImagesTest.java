package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeImagesTest {
  private static final String LARGE = Base64.getEncoder().encodeToString(new byte[300]);
  private static final String SMALL = Base64.getEncoder().encodeToString(new byte[30]);

  private final List<LargeImages.Image> found = new ArrayList<>();

  private String named(String json) {
    return LargeImages.replaced(
            RawJson.of(json),
            100,
            image -> {
              found.add(image);
              return "id-" + found.size();
            })
        .toString();
  }

  private static String image(String type, String base64) {
    return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:"
        + type
        + ";base64,"
        + base64
        + "\"}}";
  }

  @Test
  void namesTheLargeOnesAndLeavesTheRest() {
    String body =
        "["
            + image("image/png", LARGE)
            + ","
            + image("image/png", SMALL)
            + ","
            + image("image/webp", LARGE)
            + "]";

    assertThat(named(body))
        .isEqualTo(
            "["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;asset_id,id-1\"}},"
                + image("image/png", SMALL)
                + ",{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/webp;asset_id,id-2\"}}]");
    assertThat(found.get(0).bytes()).isEqualTo(new byte[300]);
    assertThat(found.get(1).mediaType()).isEqualTo("image/webp");
    assertThat(found.get(0).hash()).isNotEqualTo(found.get(1).hash());
  }

  @Test
  void takesNoTextOfAClientForAnImage() {
    String text = new JsonWriter(600).value(image("image/png", LARGE)).finish().toString();
    String body = "{\"role\":\"user\",\"content\":" + text + "}";

    assertThat(named(body)).isEqualTo(body);
    assertThat(found).isEmpty();
  }

  @Test
  void leavesAnImageByUrlAlone() {
    String body = "{\"image_url\":{\"url\":\"https://a.example/" + LARGE + "\"}}";

    assertThat(named(body)).isEqualTo(body);
  }
}
