//! A plan that is interrupted after any step, made anew and carried out ends where the uninterrupted one does.

use microcred_tests::DAY;

use crate::stage::{BOTH, Stage, with};

/// What stands on the ledger before, and what is applied then.
fn pairs() -> Vec<(Vec<String>, String)> {
    let changed = with(BOTH, "https://agency.example", "https://agency.example/2");
    let changed = with(&changed, "name = \"University\"", "name = \"Univ\"\ntreasury = \"keys/treasury.json\"");
    let changed = with(&changed, "valid_days = 365", "valid_days = 90");
    let changed = with(&changed, "name = \"office\"", "name = \"office\"\nretired = true");
    let third = "[[issuer.keys]]\nname = \"third\"\npermissions = [\"issue\"]\nscope = \"rust\"\n\n[accreditation]";
    let changed = with(&changed, "[accreditation]", third);
    let changed = with(
        &changed,
        "from = \"2026-01-01T00:00:00Z\"",
        "terms = [{ from = \"2026-01-01T00:00:00Z\", until = \"2026-06-01T00:00:00Z\" }, { from = \"2027-06-01T00:00:00Z\" }]\nstatus = \
         \"suspended\"",
    );
    let changed = with(&changed, "title = \"Go\"", "title = \"Go!\"\nreplaces = \"c\"");
    let changed = with(&changed, "draft", "paused");
    let changed =
        format!("{changed}\n[[achievements]]\ncode = \"c\"\ntitle = \"C\"\nkind = \"badge\"\nstatus = \"retired\"\n");
    let closed = with(&changed, "slug = \"agency\"", "slug = \"agency\"\nstatus = \"paused\"");
    let closed = with(&closed, "slug = \"university\"", "slug = \"university\"\nstatus = \"retired\"");
    let before = with(
        BOTH,
        "from = \"2026-01-01T00:00:00Z\"",
        "from = \"2026-01-01T00:00:00Z\"\nuntil = \"2026-06-01T00:00:00Z\"",
    );
    let older = "[[achievements]]\ncode = \"c\"\ntitle = \"C\"\nkind = \"badge\"\n";
    let older = with(&before, &before[before.find("[[achievements]]").unwrap()..], older);
    let paused = with(BOTH, "slug = \"university\"", "slug = \"university\"\nstatus = \"paused\"");
    let resumed = with(
        &format!("{}\n[[achievements]]\ncode = \"d\"\ntitle = \"D\"\nkind = \"badge\"\n", paused),
        "paused",
        "active",
    );
    vec![
        (vec![], BOTH.to_owned()),
        (vec![older.clone(), before.clone()], changed),
        (vec![older, before], closed),
        (vec![paused], resumed),
    ]
}

fn begin(before: &[String]) -> Stage {
    let mut stage = Stage::new();
    stage.roles.signers.insert("keys/treasury.json".into(), solana_address::Address::new_from_array([9; 32]));
    for text in before {
        stage.apply(text);
        stage.pass(DAY);
    }
    stage
}

#[test]
fn after_every_step_the_rest_leads_to_the_same() {
    for (before, text) in pairs() {
        let mut whole = begin(&before);
        let told = whole.apply(&text);
        assert!(told.len() >= 2, "{told:?}");
        for done in 0..=told.len() {
            let mut stage = begin(&before);
            for change in stage.plan(&text).changes.iter().take(done) {
                stage.send(change).unwrap();
            }
            let rest = stage.apply(&text);
            assert_eq!(rest.len(), told.len() - done, "after {done} of {told:#?}: {rest:#?}");
            assert_eq!(stage.accounts(), whole.accounts(), "after {done} of {told:#?}");
        }
    }
}
