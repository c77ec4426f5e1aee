package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ImageSizeTest {
  @Test
  void readsPng() {
    assertThat(of("89504e470d0a1a0a 0000000d 49484452 00000320 00000258 0806000000"))
        .isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void readsGif() {
    assertThat(of("474946383961 2003 5802 f7")).isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void readsJpegBehindItsOtherSegments() {
    assertThat(
            of(
                "ffd8 ffe0 0010 4a46494600010100000100010000"
                    + "ffe1 0008 457869660000 ffdb 0003 00 ffff ffc4 0004 0000"
                    + "ffc0 0011 08 0258 0320 03 011100 021101 031101"))
        .isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void readsProgressiveJpegBehindManyColourProfileSegments() {
    String profile = "ffe2 ffff" + "00".repeat(65_533);

    assertThat(of("ffd8" + profile.repeat(5) + "ffc2 0011 08 0960 0c80 03 011100"))
        .isEqualTo(new ImageSize(3200, 2400));
  }

  @Test
  void readsLossyWebp() {
    assertThat(of("52494646 00010000 57454250 56503820 00000000 300100 9d012a 2003 5802"))
        .isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void readsLosslessWebp() {
    long bits = 799 | (599L << 14);
    ByteArrayOutputStream file = bytes("52494646 00010000 57454250 5650384c 00000000 2f");
    for (int i = 0; i < 4; i++) {
      file.write((int) (bits >> (8 * i)));
    }
    file.write(0);

    assertThat(ImageSize.ofBase64(base64(file))).isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void readsExtendedWebp() {
    assertThat(of("52494646 00010000 57454250 56503858 0a000000 10000000 1f0300 570200"))
        .isEqualTo(new ImageSize(800, 600));
  }

  @Test
  void knowsNoSizeOfWhatIsNoImage() {
    assertThat(ImageSize.ofBase64(null)).isNull();
    assertThat(ImageSize.ofBase64("")).isNull();
    assertThat(ImageSize.ofBase64("not base64 at all, ünicode included")).isNull();
    assertThat(of("89504e470d0a1a0a 0000000d 49484452 00000320")).isNull();
    assertThat(of("ffd8 ffe0 0010 4a464946")).isNull();
    assertThat(of("ffd8 ffd9")).isNull();
    assertThat(of("474946383961 0000 0000 f7")).isNull();
    assertThat(of("52494646 00010000 57454250 56503820 00000000 300100 9d012a 2003")).isNull();
    assertThat(of("ffd8" + "ff".repeat(5_000))).isNull();
  }

  @Property(tries = 300)
  void neverThrowsWhereverTheFileIsCut(
      @ForAll @Size(max = 60) byte[] tail, @ForAll @IntRange(min = 0, max = 3) int format) {
    String[] magic = {"89504e47", "47494638", "ffd8ff", "52494646000100005745425056503858"};
    ByteArrayOutputStream file = bytes(magic[format]);
    file.writeBytes(tail);
    ImageSize size = ImageSize.ofBase64(base64(file));

    assertThat(size == null || (size.width() > 0 && size.height() > 0)).isTrue();
    assertThat(ImageSize.ofBase64(new String(tail, StandardCharsets.ISO_8859_1))).isNull();
  }

  private static ImageSize of(String hex) {
    return ImageSize.ofBase64(base64(bytes(hex)));
  }

  private static ByteArrayOutputStream bytes(String hex) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    return file;
  }

  private static String base64(ByteArrayOutputStream file) {
    return Base64.getEncoder().encodeToString(file.toByteArray());
  }
}
