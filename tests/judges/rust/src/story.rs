//! Values of the case `emit/rpc/rust`, there and back.

use sqlx::postgres::types::PgInterval;
use sqlx::{Connection, PgConnection};

use super::{emit_rpc_rust as models, emit_rpc_rust_rpc as rpc};
use crate::{same, Judged};

/// Calls functions, and compares what they give.
pub async fn calls(connection: &mut PgConnection) -> Judged {
    let mut work = connection.begin().await?;
    let db = &mut *work;
    let sum = rpc::add(&mut *db, rpc::AddArgs { a: Some(1), b: None }).await?;
    same("a default", &sum, &Some(2))?;
    let sum = rpc::add(&mut *db, rpc::AddArgs { a: Some(1), b: Some(None) }).await?;
    same("null", &sum, &None)?;

    let pair = models::Pair { a: Some(1), b: Some(vec![Some(models::Mood::SoSo), None]) };
    let args = rpc::DeclaredArgs {
        m: Some(models::Mood::Happy),
        l: models::Label("it's".to_owned()),
        p: Some(pair.clone()),
        ms: pair.b.clone(),
    };
    same("a composite", &rpc::declared(&mut *db, args).await?, &Some(pair.clone()))?;
    let args = rpc::PairsArgs { p: Some(vec![Some(pair.clone()), None]) };
    same("composites", &rpc::pairs(&mut *db, args).await?, &vec![Some(pair.clone()), None])?;

    let nobody = rpc::find_user(&mut *db, rpc::FindUserArgs { user_id: Some(-1) }).await?;
    same("no row", &nobody, &None)?;
    let users = rpc::all_users(&mut *db, rpc::AllUsersArgs::default()).await?;
    let user = users.first().ok_or("no user")?;
    let found = rpc::find_user(&mut *db, rpc::FindUserArgs { user_id: Some(user.id) }).await?;
    same("a row", &found.as_ref(), &Some(user))?;
    let name = rpc::whole_row(&mut *db, rpc::WholeRowArgs { u: found.clone() }).await?;
    same("a row as an argument", &name.as_ref(), &Some(&user.name))?;

    let rows = rpc::statistics(&mut *db, rpc::StatisticsArgs { factor: Some(0.1) }).await?;
    let row = rpc::StatisticsRow { mood: user.mood, count: Some(1), share: Some(0.1) };
    same("rows", &rows, &vec![row])?;
    let outs = rpc::outs(&mut *db, rpc::OutsArgs { x: Some(2) }).await?;
    same("outputs", &outs, &rpc::OutsRow { twice: Some(4), text: Some("2".to_owned()) })?;
    let args = rpc::JoinedArgs {
        sep: Some(":".to_owned()),
        parts: Some(vec![Some("a".to_owned()), Some("b".to_owned())]),
    };
    same("a variadic", &rpc::joined(&mut *db, args).await?, &Some("a:b".to_owned()))?;
    same("no name", &rpc::unnamed(&mut *db, rpc::UnnamedArgs { arg1: Some(7) }).await?, &Some(7))?;
    let moods = Some(vec![Some(models::Mood::SoSo)]);
    let args = rpc::LabelledArgs { a: Some(1), arg2_2: moods.clone(), arg2: None, times: Some(Some(2)) };
    let labelled = rpc::labelled(&mut *db, args).await?;
    same("names and none", &labelled.as_deref(), &Some("1so so!1so so!"))?;
    rpc::log_it(&mut *db, rpc::LogItArgs { arg1: Some("logged".to_owned()), level: None }).await?;
    let line = rpc::all_users(&mut *db, rpc::AllUsersArgs { like_name: Some(Some("logged".to_owned())) });
    same("a procedure", &line.await?.len(), &1)?;
    let args = rpc::TallyArgs { p: Some(pair.clone()), a_b: moods, total: Some(Some(40)) };
    let row = rpc::TallyRow { mood: Some(models::Mood::SoSo), total: Some(41) };
    same("what a procedure gives", &rpc::tally(&mut *db, args).await?, &row)?;
    let paired = rpc::paired(&mut *db, rpc::PairedArgs { p: Some(pair.clone()) }).await?;
    same("a composite of a procedure", &paired.p, &Some(pair))?;
    let by = PgInterval { months: -1, days: 2, microseconds: 0 };
    let later = rpc::later(&mut *db, rpc::LaterArgs { by: Some(by) }).await?;
    same("an interval", &later.map(|it| it.to_rfc3339()), &Some("2023-12-03T00:00:00+00:00".to_owned()))?;
    work.rollback().await?;
    Ok(17)
}
