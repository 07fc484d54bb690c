//! Certificates, as far as they can be told without eyes.

use super::*;

fn ada() -> Content {
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read("/tmp/proto/doc.json").unwrap()).unwrap();
    Content::of(&document).unwrap()
}
#[test]
fn look() {
    let save = |name: &str, content: &Content, fonts: &Fonts| {
        std::fs::write(format!("/tmp/bake-look-{name}.pdf"), print(content, b"{}", fonts).unwrap()).unwrap()
    };
    save("ada", &ada(), &Fonts::new());
    let mut c = ada();
    c.title = "Nachhaltige Entwicklung und verantwortungsvolle Digitalisierung im öffentlichen Sektor "
        .repeat(20)
        .chars()
        .take(960)
        .collect();
    c.learner = Some("Maria Magdalena Ångström-Þórðardóttir von und zu Guttenberg-Schwarzenstein-Ruhpolding".into());
    c.issuer =
        "Europäische Universität für angewandte Wissenschaften und lebenslanges Lernen Frankfurt (Oder) – Słubice"
            .into();
    c.outcomes = (0..20).map(|i| format!("{i}: Die Lernenden können Verfahren der verantwortungsvollen Digitalisierung erklären, vergleichen und in eigenen Projekten anwenden, auch wenn diese sehr lang sind und noch mehr Wörter haben")).collect();
    c.result = Some("mit besonderer Auszeichnung bestanden (1,0 – sehr gut, 98 von 100 Punkten)".into());
    c.link = Some(format!("https://verify.example.edu/{}", "x".repeat(270)));
    save("long", &c, &Fonts::new());
    let mut c = ada();
    c.learner = Some("Ἀλεξάνδρα Παπαδοπούλου".into());
    c.title = "Основы программирования на языке Rust".into();
    c.issuer = "Εθνικό Μετσόβιο Πολυτεχνείο".into();
    c.outcomes = (0..7).map(|i| format!("Outcome number {i} of this achievement, which is somewhat longer than one line can be, so that it wraps nicely")).collect();
    c.result = None;
    c.valid_until = None;
    save("greek", &c, &Fonts::new());
    for (name, font, learner) in [
        ("arabic", "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf", "محمد بن سلمان (Muhammad 3)"),
        ("hebrew", "/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf", "עדה לאבלייס בַּת־שֶׁבַע 12 (ב)"),
    ] {
        let mut c = ada();
        c.learner = Some(learner.into());
        c.title = format!("Data ethics – {learner}, part 2");
        c.outcomes = vec![];
        c.description = Some("What to do and not to do. ".repeat(40));
        save(name, &c, &Fonts::with(std::fs::read(font).unwrap()).unwrap());
    }
    let mut c = ada();
    c.learner = None;
    c.kind = Kind::Badge;
    c.title = "W".repeat(1000);
    c.outcomes = vec!["x".into(); 40];
    save("none", &c, &Fonts::new());
}
