#!/bin/sh
# debian_wasm_rust.sh FOLDER: makes FOLDER/bin/{rustc,rustdoc,cargo-clippy}, Debian's Rust compiler with a
# standard library for wasm32-unknown-unknown. Nothing outside FOLDER is written but apt's lists of packages,
# and nothing is installed: Debian's rustc-web conflicts with the packages rustc and rustup.
set -eu
folder=$1
target=wasm32-unknown-unknown
library="for size"
machine=$(uname -m)
host=$machine-unknown-linux-gnu
rm -rf "$folder"
mkdir -p "$folder/debs/partial" "$folder/bin" "$folder/work/src"
folder=$(cd "$folder" && pwd)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

fetch() {
  # The linker that belongs to the compiler's own LLVM.
  llvm=$(apt-cache depends --recurse --important rustc-web 2>/dev/null | sed -n 's/^libllvm\([0-9]*\)$/\1/p' |
    sort -n | tail -n 1)
  # Older lists of packages have an older compiler, with an older LLVM: they are brought up to date first.
  [ -n "$llvm" ] && [ "$llvm" -ge 22 ] || return 1
  apt-get -qq -y --no-install-recommends --download-only -o Dir::Cache::archives="$folder/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=true \
    install rustc-web rust-web-src rust-web-clippy "lld-$llvm" >&2
}
fetch || { as_root apt-get -qq update >&2; fetch; }
for package in "$folder"/debs/*.deb; do dpkg -x "$package" "$folder/root"; done
rm -rf "$folder/debs"

for program in rustc rustdoc cargo-clippy; do
  cat > "$folder/bin/$program" <<WRAPPER
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../root
libraries=\$root/usr/lib/$machine-linux-gnu:\$root/lib/$machine-linux-gnu
LD_LIBRARY_PATH=\$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
# cargo compiles all anew when this answer is another; the version alone does not tell one library from the next.
[ "\$*" != -vV ] || echo "library: $library"
exec "\$root/usr/bin/$program" "\$@"
WRAPPER
  chmod +x "$folder/bin/$program"
done
system=$("$folder/bin/rustc" --print sysroot)
mkdir -p "$system/lib/rustlib/$host/bin"
ln -sfn "../../../llvm-$llvm/bin/lld" "$system/lib/rustlib/$host/bin/rust-lld"

# The standard library's own crates come with its source: no registry is asked.
# opt-level=s, optimize_for_size: the site is downloaded, and this makes it 4 % smaller.
# embed-bitcode: without it lto = "fat" fails. test: `cargo test --target wasm32-unknown-unknown` links it.
printf '[package]\nname="sysroot"\nversion="0.0.0"\nedition="2021"\n[lib]\n[workspace]\n' > "$folder/work/Cargo.toml"
echo '#![no_std]' > "$folder/work/src/lib.rs"
cd "$folder/work"
unset CARGO_TARGET_DIR CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
RUSTC="$folder/bin/rustc" RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cembed-bitcode=yes -Copt-level=s" \
  cargo build --quiet --offline --release --target "$target" -Zbuild-std=std,panic_abort,test,proc_macro \
  -Zbuild-std-features=optimize_for_size \
  --target-dir "$folder/work/target" --config 'source.crates-io.replace-with="vendored"' \
  --config "source.vendored.directory=\"$system/lib/rustlib/src/rust/library/vendor\"" >&2
libraries=$system/lib/rustlib/$target/lib
mkdir -p "$libraries"
rm -f "target/$target/release/deps"/libsysroot-*
mv "target/$target/release/deps"/*.rlib "$libraries/"
# 434 MB that nothing needs any more.
rm -rf "$folder/work" "$system/src" "$system/lib/rustlib/src"
