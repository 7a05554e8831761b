#include "CWebAssets.h"

// The compiler reads the files itself: no step before the build, nothing generated, and a file that
// was changed is read again. SwiftPM's own way (`.embedInCode`) makes Swift array literals, which
// took 36 seconds to compile for 100 KB; this takes a twentieth of one.
#if !defined(__has_embed)
#error "The browser's client is embedded with #embed, which the compiler of Swift 6.2 or later has."
#endif
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "client/index.html"
};
static const unsigned char dashboard_html[] = {
#embed "client/dashboard.html"
};
static const unsigned char hubbub_css[] = {
#embed "client/hubbub.css"
};
static const unsigned char more_css[] = {
#embed "client/more.css"
};
static const unsigned char dashboard_css[] = {
#embed "client/dashboard.css"
};
static const unsigned char irc_js[] = {
#embed "client/irc.js"
};
static const unsigned char sasl_js[] = {
#embed "client/sasl.js"
};
static const unsigned char link_js[] = {
#embed "client/link.js"
};
static const unsigned char view_js[] = {
#embed "client/view.js"
};
static const unsigned char more_js[] = {
#embed "client/more.js"
};
static const unsigned char dashboard_js[] = {
#embed "client/dashboard.js"
};
static const unsigned char icon_svg[] = {
#embed "client/icon.svg"
};
static const unsigned char hubbub_webmanifest[] = {
#embed "client/hubbub.webmanifest"
};

static const struct cwebassets_file files[] = {
    {"index.html", index_html, sizeof index_html},
    {"dashboard.html", dashboard_html, sizeof dashboard_html},
    {"hubbub.css", hubbub_css, sizeof hubbub_css},
    {"more.css", more_css, sizeof more_css},
    {"dashboard.css", dashboard_css, sizeof dashboard_css},
    {"irc.js", irc_js, sizeof irc_js},
    {"sasl.js", sasl_js, sizeof sasl_js},
    {"link.js", link_js, sizeof link_js},
    {"view.js", view_js, sizeof view_js},
    {"more.js", more_js, sizeof more_js},
    {"dashboard.js", dashboard_js, sizeof dashboard_js},
    {"icon.svg", icon_svg, sizeof icon_svg},
    {"hubbub.webmanifest", hubbub_webmanifest, sizeof hubbub_webmanifest},
};

const size_t cwebassets_count = sizeof files / sizeof *files;

const struct cwebassets_file *cwebassets_table(void) { return files; }
