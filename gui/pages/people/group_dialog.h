// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/live_data.h"
#include "widgets/form_dialog.h"
#include "wire/model_types.h"

class QLineEdit;
class QListWidget;

namespace clawloops::gui {

// A new group, or another name and other members for one.
class GroupDialog : public FormDialog {
    Q_OBJECT
public:
    GroupDialog(ApiClient& client, const LiveData& live, const wire::Group& group, QWidget* parent); // no id: a new one

Q_SIGNALS:
    void saved(const QString& name);

protected:
    void submit() override;

private:
    ApiClient& m_client;
    QString m_groupId;
    QLineEdit* m_name;
    QListWidget* m_members;
};

} // namespace clawloops::gui
