#!/usr/bin/env bash
# Makes what a release has beside its tag: the report of newer patches, the files of a Maven repository (with the list of
# components), and in target/release the jar, that list and their checksums; then the image, on the base that a registry has
# now, named by its digest. It publishes nothing.
#
#   bench/release.sh
#   BASE=eclipse-temurin@sha256:... bench/release.sh       without docker or skopeo to ask for the digest
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n '/<artifactId>caravan</,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' pom.xml)
tag=$(sed -n 's/^ARG BASE=//p' deploy/Dockerfile)

bench/patches.sh
rm -rf target/repository target/release
mvn -B -q -Prelease -DskipTests deploy "-DaltDeploymentRepository=local::file:target/repository" >&2
mkdir -p target/release
cp target/caravan.jar "target/release/caravan-$version.jar"
cp target/bom.json "target/release/caravan-$version-bom.json"
(cd target/release && sha256sum -- caravan-* | tee SHA256SUMS)
echo "Now ask a scanner: grype sbom:target/release/caravan-$version-bom.json"

base=${BASE:-}
if [ -z "$base" ] && command -v docker >/dev/null; then
  digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
  base=${tag%%:*}@$digest
elif [ -z "$base" ] && command -v skopeo >/dev/null; then
  base=${tag%%:*}@$(skopeo inspect --format '{{.Digest}}' "docker://$tag")
fi
if [[ ! $base =~ @sha256:[0-9a-f]{64}$ ]]; then
  echo "No image: neither docker nor skopeo is installed to ask for the digest of $tag; set BASE=${tag%%:*}@sha256:..." >&2
  exit 1
fi
image=(docker build -f deploy/Dockerfile --build-arg "BASE=$base" -t "caravan:$version" .)
if command -v docker >/dev/null; then "${image[@]}"; else echo "The image: ${image[*]}"; fi
